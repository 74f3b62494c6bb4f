package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.peers.WorkSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** The different convolutions of known networks: LeNet-5 on images of 28 x 28, the others on 224 x 224. */
final class ConvolutionLayers {
    private static final List<String> DIRECTIONS = List.of("forward", "input", "weight");

    /** What of a layer's sizes the direction's table is called. */
    private static final List<String> TITLES = List.of("forward", "input gradient", "weight gradient");

    /** One layer on square images with square windows. */
    private record Layer(
            String network, int channels, int height, int out, int kernel, int stride, int padding, int groups) {
        int outHeight() {
            return (height + 2 * padding - kernel) / stride + 1;
        }

        double flops(int batch) {
            double taps = (double) channels / groups * kernel * kernel;
            return 2 * taps * batch * out * outHeight() * outHeight();
        }

        String title(int batch) {
            return network + " " + channels + "x" + height + "x" + height + " to " + out + ", " + kernel + "x" + kernel
                    + (stride == 1 ? "" : " stride " + stride) + (groups == 1 ? "" : " depthwise") + ", batch "
                    + batch;
        }
    }

    private ConvolutionLayers() {}

    /** Forward and both gradients of every layer. */
    static List<KernelCase> cases(List<Integer> batches) {
        List<KernelCase> cases = new ArrayList<>();
        for (int direction = 0; direction < DIRECTIONS.size(); direction++) {
            for (int batch : batches) {
                for (Layer layer : all()) {
                    cases.add(of(layer, direction, batch));
                }
            }
        }
        return cases;
    }

    private static KernelCase of(Layer layer, int direction, int batch) {
        // Depthwise ones run through other loops here; both sides take them by the same call.
        String name = (layer.groups == 1 ? "conv_" : "depthwise_conv_") + DIRECTIONS.get(direction);
        WorkSpec spec = WorkSpec.of(name)
                .with("batch", batch)
                .with("channels", layer.channels)
                .with("height", layer.height)
                .with("out", layer.out)
                .with("kernel", layer.kernel)
                .with("stride", layer.stride)
                .with("padding", layer.padding)
                .with("groups", layer.groups);
        return KernelCase.flops("convolution " + TITLES.get(direction), layer.title(batch), spec, layer.flops(batch))
                .or(spec.with("last", 1));
    }

    private static SequencedSet<Layer> all() {
        SequencedSet<Layer> layers = new LinkedHashSet<>();
        layers.add(new Layer("lenet", 1, 28, 6, 5, 1, 2, 1));
        layers.add(new Layer("lenet", 6, 14, 16, 5, 1, 0, 1));
        vgg11(layers);
        resNet18(layers);
        mobileNetV2(layers);
        return layers;
    }

    /** Simonyan, Zisserman: configuration A. */
    private static void vgg11(SequencedSet<Layer> layers) {
        int[][] sizes = {
            {3, 224, 64}, {64, 112, 128}, {128, 56, 256}, {256, 56, 256}, {256, 28, 512}, {512, 28, 512}, {512, 14, 512}
        };
        for (int[] size : sizes) {
            layers.add(new Layer("vgg11", size[0], size[1], size[2], 3, 1, 1, 1));
        }
    }

    private static void resNet18(SequencedSet<Layer> layers) {
        layers.add(new Layer("resnet18", 3, 224, 64, 7, 2, 3, 1));
        layers.add(new Layer("resnet18", 64, 56, 64, 3, 1, 1, 1));
        for (int channels = 64, height = 56; channels < 512; channels *= 2, height /= 2) {
            layers.add(new Layer("resnet18", channels, height, 2 * channels, 3, 2, 1, 1));
            layers.add(new Layer("resnet18", channels, height, 2 * channels, 1, 2, 0, 1));
            layers.add(new Layer("resnet18", 2 * channels, height / 2, 2 * channels, 3, 1, 1, 1));
        }
    }

    /** Sandler and others, table 2: expansion, channels, repeats, first stride. */
    private static void mobileNetV2(SequencedSet<Layer> layers) {
        int[][] blocks = {
            {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
        };
        layers.add(new Layer("mobilenetv2", 3, 224, 32, 3, 2, 1, 1));
        int channels = 32;
        int height = 112;
        for (int[] block : blocks) {
            for (int i = 0; i < block[2]; i++) {
                int wide = channels * block[0];
                int stride = i == 0 ? block[3] : 1;
                if (wide > channels) {
                    layers.add(new Layer("mobilenetv2", channels, height, wide, 1, 1, 0, 1));
                }
                layers.add(new Layer("mobilenetv2", wide, height, wide, 3, stride, 1, wide));
                height /= stride;
                layers.add(new Layer("mobilenetv2", wide, height, block[1], 1, 1, 0, 1));
                channels = block[1];
            }
        }
        layers.add(new Layer("mobilenetv2", channels, height, 1280, 1, 1, 0, 1));
    }
}
