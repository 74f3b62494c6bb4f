/**
 * The IDX format of MNIST and its relatives: plain, gzipped, in folders, in npm and tar packages.
 *
 * <p>The path of one dataset: {@code IdxParts.ofFolder} (or {@code ofArchive}, with {@code ArchivedFiles}) finds the four {@code
 * IdxPart}s, reads their {@code IdxHeader}s by {@code IdxReader} and sees whether they fit each other before it reads the elements
 * into {@code IdxArray}s; {@code IdxImages.of} makes training and test data of them.
 */
@NullMarked
package io.ketju.data.idx;

import org.jspecify.annotations.NullMarked;
