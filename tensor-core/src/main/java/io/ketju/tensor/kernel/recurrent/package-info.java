/**
 * One time step of recurrent cells, without their matrix products. {@link
 * io.ketju.tensor.kernel.recurrent.RecurrentKernels} has the formulas and the order of gates of PyTorch's LSTM, GRU and RNN,
 * {@code ScalarRecurrent} defines the bits, {@code VectorRecurrent} gives the same bits fast. The loop over time and the
 * products are the layer's.
 *
 * <p>A call of {@code lstmForward}: {@code CellShape} checks the operands; samples are cut into tiles; for each sample {@code
 * GateRows} makes gates of the two sums (input and state), {@code LstmRows} the new cell and output from the gates, while
 * all of it is in the first cache. Backward goes the same way with the gates that forward kept. {@code GruRows} is the same
 * for the GRU; a plain RNN is one row of gates.
 */
@NullMarked
package io.ketju.tensor.kernel.recurrent;

import org.jspecify.annotations.NullMarked;
