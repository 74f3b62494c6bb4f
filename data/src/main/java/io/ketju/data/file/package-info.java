/** Files that are either whole or absent after a crash, and their hashes. */
@NullMarked
package io.ketju.data.file;

import org.jspecify.annotations.NullMarked;
