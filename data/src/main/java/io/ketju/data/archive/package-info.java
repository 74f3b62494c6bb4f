/** Files in folders and in archives ({@code .zip}, {@code .tgz}), one after another, or the only one of an archive by itself; nothing is written to disk. */
@NullMarked
package io.ketju.data.archive;

import org.jspecify.annotations.NullMarked;
