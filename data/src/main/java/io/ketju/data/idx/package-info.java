/** The IDX format of MNIST and its relatives: plain, gzipped, in folders, in npm and tar packages. */
@NullMarked
package io.ketju.data.idx;

import org.jspecify.annotations.NullMarked;
