# Installation is added to by the folders; this file exports the targets with a version file.
