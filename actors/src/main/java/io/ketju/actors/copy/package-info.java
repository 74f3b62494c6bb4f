/**
 * Copies of what stages have learnt, in the memory of workers: those of a worker's own stages and those of a neighbour's. A run that
 * loses a worker goes on from the newest step that all of them can give.
 *
 * <p>The path of one copy: the coordinator grants a window with the wish for copies; a stage that has finished it writes its state
 * into a {@link io.ketju.actors.copy.CopyBuffer} of its worker's {@link io.ketju.actors.copy.CopyShelf}, and the worker's writer sends
 * that to a neighbour while training goes on ({@link io.ketju.actors.piece}), whose {@link io.ketju.actors.copy.CopyTaker} puts it on
 * the shelf there and tells the coordinator. When all stages have one of the same step, that step can be gone back to.
 */
@NullMarked
package io.ketju.actors.copy;

import org.jspecify.annotations.NullMarked;
