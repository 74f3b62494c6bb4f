/** Cutting a model into stages. */
@NullMarked
package io.ketju.pipeline.partition;

import org.jspecify.annotations.NullMarked;
