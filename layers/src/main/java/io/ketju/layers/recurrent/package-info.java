/** Recurrent networks: {@link Recurrence} says what they are made of, {@link RecurrentRun} computes; {@link
 * StepCell} is one step as a layer. Start with {@link LSTM}. */
@NullMarked
package io.ketju.layers.recurrent;

import org.jspecify.annotations.NullMarked;
