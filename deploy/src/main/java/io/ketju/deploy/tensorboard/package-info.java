/**
 * The numbers of a run as TensorBoard reads them: {@link io.ketju.deploy.tensorboard.EventFile} is a file of records,
 * {@link io.ketju.deploy.tensorboard.Events} the bytes of one, {@link io.ketju.deploy.tensorboard.TensorBoardEvents} listens to a run
 * and writes them. {@code TerminalRun} makes the listener; each event of the run comes to {@code on}, becomes an event with a value
 * for each number, and is appended as a record.
 */
@NullMarked
package io.ketju.deploy.tensorboard;

import org.jspecify.annotations.NullMarked;
