package io.ketju.pipeline.stage;

/**
 * What is told of steps beside what they measured: the same at every stage that waits for the sums of all.
 *
 * @param normSum sum of the norms of their gradients, each before anything bounded it
 * @param norms windows that these are of
 * @param skipped windows that were skipped, because a gradient or a loss was no finite number
 * @param skippable windows that would have been
 * @param unfinished windows after which their step went on with the same mini-batch
 */
public record StepMetrics(double normSum, int norms, int skipped, int skippable, int unfinished) {
    /** Of windows of which nothing is told. */
    public static final StepMetrics NONE = new StepMetrics(0, 0, 0, 0, 0);

    /** These and those of later windows. */
    StepMetrics plus(StepMetrics more) {
        return new StepMetrics(
                normSum + more.normSum,
                norms + more.norms,
                skipped + more.skipped,
                skippable + more.skippable,
                unfinished + more.unfinished);
    }

    /** The same of a window whose step goes on. */
    StepMetrics goingOn() {
        return new StepMetrics(normSum, norms, skipped, skippable, 1);
    }

    /** {@return whether the step of a window goes on with another of the same mini-batch} */
    public boolean goesOn() {
        return unfinished > 0;
    }
}
