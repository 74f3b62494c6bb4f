package io.ketju.report.figure;

/** One picture of a run, as data. */
public sealed interface Figure permits Curves, Confusion, Images, AttentionMap, PipelineFigure {
    /**
     * What a file of it is called.
     *
     * @return without an ending: {@code loss}
     */
    String name();

    /**
     * What stands above it.
     *
     * @return in words
     */
    String title();
}
