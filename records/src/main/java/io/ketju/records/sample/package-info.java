/**
 * What the model says of a few test samples while it learns: {@link io.ketju.records.sample.RunSamples} is told after every
 * checkpoint, shows lines to whoever asked for them, keeps them in the folder of the run, and puts them on a board such as
 * TensorBoard.
 */
@NullMarked
package io.ketju.records.sample;

import org.jspecify.annotations.NullMarked;
