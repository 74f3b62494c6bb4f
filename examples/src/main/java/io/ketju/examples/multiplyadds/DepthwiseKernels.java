package io.ketju.examples.multiplyadds;

import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The kernels of a network's depthwise convolutions, of which each reads one channel and makes one. A kernel is dead if nothing behind
 * its normalization and activation tells one image from another: at each place the number is the same for all images, to within
 * {@link ChannelRanges#SAME}.
 *
 * @param count of all
 * @param dead how many are dead
 */
record DepthwiseKernels(int count, int dead) {
    /** So many images go through at once, so that what layers make of a whole test set need not be in memory. */
    private static final int PART = 250;

    /** The same network, which also gives what is behind the activation of each of its depthwise convolutions. */
    static Model shown(Model model) {
        List<Value> outputs = new ArrayList<>(model.outputs());
        for (int i = 0; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            if (node.layer() instanceof Conv2d conv && conv.groups() > 1 && conv.groups() == conv.inChannels()) {
                outputs.add(new Value(reader(model, reader(model, i)), 0));
            }
        }
        return new Model(model.inputs(), model.nodes(), model.heads(), outputs, model.initial());
    }

    /** A normalization reads the convolution, and the activation that. */
    private static int reader(Model model, int read) {
        return IntStream.range(0, model.nodes().size())
                .filter(i -> model.nodes().get(i).inputs().contains(new Value(read, 0)))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Those of a network that has been trained.
     *
     * @param fit of a model that {@link #shown} gave
     * @param images as training was given them
     */
    static DepthwiseKernels of(Fit fit, float[][] images) {
        List<ChannelRanges> ranges = ranges(fit.model().model());
        List<String> names = fit.model().model().outputNames();
        for (int from = 0; from < images.length; from += PART) {
            float[][] part = Arrays.copyOfRange(images, from, Math.min(images.length, from + PART));
            Map<String, TensorValues> outputs = fit.outputsByName(part);
            for (int i = 0; i < ranges.size(); i++) {
                float[] values = Named.of(outputs, names.get(1 + i)).floats();
                for (float[] image : Points.rows(values, part.length)) {
                    ranges.get(i).add(image);
                }
            }
        }
        return count(ranges);
    }

    /** One for each output that {@link #shown} added. */
    private static List<ChannelRanges> ranges(Model model) {
        ModelTypes types = model.types(1);
        return model.outputs().stream()
                .skip(1)
                .map(value -> types.of(value).shape())
                .map(shape -> new ChannelRanges(shape.dimension(1), shape.dimension(2) * shape.dimension(3)))
                .toList();
    }

    private static DepthwiseKernels count(List<ChannelRanges> ranges) {
        int count = 0;
        int dead = 0;
        for (ChannelRanges convolution : ranges) {
            count += convolution.channels();
            dead += convolution.dead();
        }
        return new DepthwiseKernels(count, dead);
    }
}
