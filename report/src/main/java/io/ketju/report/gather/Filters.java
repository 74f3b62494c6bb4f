package io.ketju.report.gather;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.Dataset;
import io.ketju.data.image.ImageDataset;
import io.ketju.layers.Layer;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Node;
import io.ketju.report.figure.Images;
import io.ketju.report.figure.Tile;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The weights that see the pixels of images, as images: filters of a convolution, rows of a linear map. */
final class Filters {
    private static final int MOST = 32;

    private Filters() {}

    /** Of the first layer with weights; empty where that sees no image, or where its filters are single pixels. */
    static Optional<Images> of(TrainingJob job, TrainedModel model) {
        Dataset test = job.data().test();
        Optional<Node> first = job.model().nodes().stream()
                .filter(node -> !node.parameters().isEmpty())
                .findFirst();
        if (!(test instanceof ImageDataset) || first.isEmpty()) {
            return Optional.empty();
        }
        Node node = first.get();
        String weight = node.parameters().getFirst();
        Layer layer = node.layer();
        Shape image = test.inputShape();
        Shape shape = layer.parameters().getFirst().shape();
        if (layer instanceof Conv2d && shape.rank() == 4 && shape.dimension(2) > 1) {
            return Optional.of(
                    images(node, shape.dimension(1), shape.dimension(2), shape.dimension(3), model.parameter(weight)));
        }
        if (layer instanceof Linear && image.rank() == 3 && shape.dimension(1) == image.elements()) {
            return Optional.of(
                    images(node, image.dimension(0), image.dimension(1), image.dimension(2), model.parameter(weight)));
        }
        return Optional.empty();
    }

    private static Images images(Node node, int channels, int rows, int columns, float[] weights) {
        int ofOne = channels * rows * columns;
        int count = weights.length / ofOne;
        List<Tile> tiles = new ArrayList<>();
        for (int i = 0; i < Math.min(count, MOST); i++) {
            float[] one = Arrays.copyOfRange(weights, i * ofOne, (i + 1) * ofOne);
            tiles.add(Tile.signed(Integer.toString(i), Arrays.copyOf(one, rows * columns)));
        }
        String shown = tiles.size() < count ? "The first " + tiles.size() + " of " + count : "All " + count;
        String channel = channels == 1 ? "" : ", of the first of " + channels + " channels";
        return new Images(
                "filters",
                "What the first layer looks for",
                shown + " of " + node + channel + ": red is positive, blue negative, each by its own largest weight.",
                rows,
                columns,
                tiles);
    }
}
