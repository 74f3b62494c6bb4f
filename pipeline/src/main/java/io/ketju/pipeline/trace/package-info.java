/**
 * When everything of a run happened, and what is to be learnt from it: where the ranks' time went, what they waited for, and
 * how that compares with the schedule's own makespan; and what a rank holds and sends ({@code RankLoad}). Times are nanoseconds of some clock that somebody else read.
 */
@NullMarked
package io.ketju.pipeline.trace;

import org.jspecify.annotations.NullMarked;
