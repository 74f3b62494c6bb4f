/**
 * The numbers of a run as TensorBoard reads them: {@code EventFile} is a file of records, {@code Events} the bytes of one, {@link
 * io.ketju.records.tensorboard.TensorBoardEvents} listens to a run and writes them: each event of the run comes to {@code on}, becomes
 * an event with a value for each number, and is appended as a record.
 */
@NullMarked
package io.ketju.records.tensorboard;

import org.jspecify.annotations.NullMarked;
