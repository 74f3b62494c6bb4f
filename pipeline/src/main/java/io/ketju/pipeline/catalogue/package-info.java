/**
 * The schedules that jobs can name, one file each with its description, and {@link
 * io.ketju.pipeline.catalogue.Schedules} that knows them all.
 *
 * <p>Most are {@code Turns} with other numbers: forwards ahead, and weight gradients behind. Those that have the start and the
 * end of the model on one rank write their lists phase by phase with {@code RankList}; {@code VHalf} and {@code VMin} give
 * the order of one micro-batch to a {@code StablePattern}, which repeats it. Where a definition asks for whole groups or a
 * least number of micro-batches, the plan of so many is taken without those that there are not.
 */
@NullMarked
package io.ketju.pipeline.catalogue;

import org.jspecify.annotations.NullMarked;
