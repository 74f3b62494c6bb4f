/** Files in folders and in archives ({@code .zip}, {@code .tgz}), one after another; nothing is written to disk. */
@NullMarked
package io.ketju.data.archive;

import org.jspecify.annotations.NullMarked;
