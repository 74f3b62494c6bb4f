package io.ketju.onnx.layer;

import io.ketju.layers.vision.Enlargement;
import io.ketju.layers.vision.Upsample;
import io.ketju.layers.vision.Upsample.Mode;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Operator;
import io.ketju.onnx.graph.Site;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Planes of other sizes. */
final class VisionNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "Upsample", VisionNodes::upsample,
            "UpsamplingNearest2d", VisionNodes::upsample,
            "UpsamplingBilinear2d", VisionNodes::upsample,
            "PixelShuffle", VisionNodes::shuffled,
            "PixelUnshuffle", VisionNodes::unshuffled);

    /** What PyTorch takes for the free number of a cubic. */
    private static final double CUBIC = -0.75;

    private VisionNodes() {}

    private static List<String> upsample(Site site) {
        Upsample layer = (Upsample) site.layer();
        boolean copies = layer.mode() == Mode.NEAREST || layer.mode() == Mode.NEAREST_EXACT;
        return List.of(copies ? nearest(site, layer) : between(site, layer));
    }

    /** What a position of an output moves the place in the input by. */
    private static double distance(Enlargement enlargement, int side, int of, int becomes) {
        List<Double> factors = enlargement.factors();
        return factors.isEmpty() || enlargement.recompute()
                ? (double) of / becomes
                : 1 / factors.get(Math.min(side, factors.size() - 1));
    }

    /** Which element is the nearest is decided here, in single precision as the layer does, and by no reader of the file. */
    private static String nearest(Site site, Upsample layer) {
        String y = site.input(0);
        for (int axis = 2; axis < site.rank(0); axis++) {
            int size = site.size(0, axis);
            int count = site.outputSize(0, axis);
            float distance = (float) distance(layer.enlargement(), axis - 2, size, count);
            long[] from = new long[count];
            for (int i = 0; i < count; i++) {
                float at =
                        layer.mode() == Mode.NEAREST ? i * distance : Math.max(0, distance * (i + 0.5f) - 0.5f) + 0.5f;
                from[i] = Math.min((int) Math.floor(at), size - 1);
            }
            y = site.op("Gather", y, site.longs(from)).with("axis", axis).get();
        }
        return y;
    }

    private static String between(Site site, Upsample layer) {
        int axes = site.rank(0) - 2;
        long[] sizes = new long[axes];
        float[] scales = new float[axes + 2];
        Arrays.fill(scales, 1);
        boolean bySizes = layer.alignCorners();
        for (int i = 0; i < axes; i++) {
            int size = site.size(0, i + 2);
            sizes[i] = site.outputSize(0, i + 2);
            double distance = distance(layer.enlargement(), i, size, (int) sizes[i]);
            scales[i + 2] = (float) (1 / distance);
            bySizes |= layer.enlargement().factors().isEmpty()
                    || layer.enlargement().recompute();
        }
        Operator resize = bySizes
                ? site.op("Resize", site.input(0), Site.NOTHING, Site.NOTHING, whole(site, sizes))
                : site.op("Resize", site.input(0), Site.NOTHING, site.floats(scales, axes + 2L));
        return resize.with("mode", layer.mode() == Mode.BICUBIC ? "cubic" : "linear")
                .with("cubic_coeff_a", CUBIC)
                .with("coordinate_transformation_mode", layer.alignCorners() ? "align_corners" : "half_pixel")
                .get();
    }

    /** Samples and channels as they are, then the sizes. */
    private static String whole(Site site, long... sizes) {
        String first = site.op("Shape", site.input(0)).with("end", 2).get();
        return site.concat(0, List.of(first, site.longs(sizes)));
    }

    private static List<String> shuffled(Site site) {
        return List.of(site.op("DepthToSpace", site.input(0))
                .with("blocksize", site.arguments().integer("upscale_factor"))
                .with("mode", "CRD")
                .get());
    }

    private static List<String> unshuffled(Site site) {
        int r = site.arguments().integer("downscale_factor");
        int channels = site.size(0, 1);
        int rows = site.size(0, 2) / r;
        int columns = site.size(0, 3) / r;
        String blocks = site.reshape(site.input(0), 0, channels, rows, r, columns, r);
        blocks = site.transpose(blocks, 0, 1, 3, 5, 2, 4);
        return List.of(site.reshape(blocks, 0, (long) channels * r * r, rows, columns));
    }
}
