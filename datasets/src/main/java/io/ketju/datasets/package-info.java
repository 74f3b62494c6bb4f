/**
 * The embedded datasets, as files: a folder each, with the licence that they came under. There is no code here.
 *
 * <p>The path of one of them: {@code Datasets.named("digits")} in {@code ketju-data} asks its class loader for {@code
 * io/ketju/datasets/digits/digits.csv.gz}, which is found where this jar is on the class path, reads it, and checks the
 * hash of what it has read. Without this jar one line says that it is missing.
 */
package io.ketju.datasets;
