package io.ketju.tensor.kernel.convolution;

/**
 * A convolution as matrix products: weights [planes, taps] times columns [taps, positions], which are not packed but read
 * where they lie in a {@link TapImage}. Rows of positions are computed as one with what stands between them, and copied
 * out of it. Tasks are groups of channels, samples, bands of rows and chunks of planes, as {@link ColumnCut} says. This is
 * what depends on the shape; {@link ColumnCall} runs it.
 *
 * @param planes planes of results per group of channels
 */
record ColumnProduct(ResultRows result, int batch, int groups, int planes) {
    /** y from x. */
    static ColumnProduct ofInput(Conv2dShape shape) {
        var plane = new ResultRows.Plane(shape.outHeight(), shape.outWidth(), 1, 1);
        ResultRows result = new ResultRows(TapImage.ofInput(shape), plane);
        return new ColumnProduct(result, shape.batch(), shape.groups(), shape.groupOutChannels());
    }

    /** dx from dy. */
    static ColumnProduct ofGradient(Conv2dShape shape) {
        Conv2dShape.Window window = shape.window();
        var plane = new ResultRows.Plane(shape.height(), shape.width(), window.strideY(), window.strideX());
        ResultRows result = new ResultRows(TapImage.ofGradient(shape), plane);
        return new ColumnProduct(result, shape.batch(), shape.groups(), shape.groupInChannels());
    }

    TapImage layout() {
        return result.layout();
    }

    ColumnCut cut() {
        return layout().cut();
    }

    /** Chunks of planes of a group. */
    int chunks() {
        return Math.ceilDiv(planes, cut().planes());
    }

    /** Tasks for the samples that are computed as one. */
    int tasksPerSamples() {
        return groups * cut().bands() * chunks();
    }

    int tasks() {
        return Math.ceilDiv(batch, cut().samples()) * tasksPerSamples();
    }
}
