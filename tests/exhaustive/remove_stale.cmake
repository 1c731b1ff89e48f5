# A manifest that is older than the program may hold results of other code: -D PROGRAM=halfulp -D FOLDER=of the manifests.
file(GLOB manifests ${FOLDER}/verify.*.json)
foreach(manifest ${manifests})
  if(PROGRAM IS_NEWER_THAN ${manifest})
    message("removed, older than the program: ${manifest}")
    file(REMOVE ${manifest})
  endif()
endforeach()
