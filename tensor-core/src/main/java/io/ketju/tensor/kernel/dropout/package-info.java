/**
 * Dropout without stored masks: {@link io.ketju.tensor.kernel.dropout.DropoutMask} says of each index whether it is kept, so
 * backward asks again. {@code ScalarDropout} defines the bits, {@code VectorDropout} gives the same bits fast.
 *
 * <p>A call of {@code VectorDropout.forward}: elements are cut into tiles ({@code Ranges}); a tile is cut into groups of 32
 * elements, of which {@code DropoutGroups} draws all random numbers at once and multiplies by 0 or the scale; the groups at
 * both ends that are not whole go through spare memory. {@code channels} draws one number per row and copies or clears it;
 * {@code uniform} writes the numbers themselves.
 * Backward is the same call with dy for x.
 *
 * <p>It is no formula ({@link io.ketju.tensor.kernel.formula}): its work are random integers of 32 bits by index, and a
 * formula knows numbers of its operands only.
 */
@NullMarked
package io.ketju.tensor.kernel.dropout;

import org.jspecify.annotations.NullMarked;
