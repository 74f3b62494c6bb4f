package io.ketju.benchmarks.gemm;

import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The products that are compared: M x N x K in words, and the list for a whole comparison. */
public final class GemmShapes {
    /** Squares, what training makes of linear layers and convolutions, and small odd ones. */
    private static final List<String> ALL = List.of(
            "64x64x64",
            "128x128x128",
            "256x256x256",
            "512x512x512",
            "1024x1024x1024",
            "2048x2048x2048",
            "128x512x784",
            "32x512x512",
            "256x1024x1024",
            "1024x768x768",
            "1024x3072x768",
            "1024x768x3072",
            "4096x64x576",
            "50176x64x27",
            "8x512x512",
            "1x1024x1024",
            "784x512x128",
            "512x512x32",
            "27x64x50176",
            "7x13x5",
            "33x65x129");

    private GemmShapes() {}

    /** The chosen products in the chosen layouts; an empty list chooses all. */
    public static List<GemmShape> of(List<String> shapes, List<Layout> layouts) {
        List<GemmShape> chosen = new ArrayList<>();
        for (Layout layout : layouts.isEmpty() ? List.of(Layout.values()) : layouts) {
            for (String shape : shapes.isEmpty() ? ALL : shapes) {
                chosen.add(parse(layout, shape));
            }
        }
        return chosen;
    }

    /** {@code 128x512x784}, as it is chosen and as it is printed. */
    public static String text(GemmShape shape) {
        return shape.m() + "x" + shape.n() + "x" + shape.k();
    }

    private static GemmShape parse(Layout layout, String text) {
        if (!text.matches("[1-9]\\d{0,8}x[1-9]\\d{0,8}x[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("a shape is MxNxK, for instance 128x512x784, found '" + text + "'");
        }
        int[] sizes = Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray();
        return new GemmShape(layout, sizes[0], sizes[1], sizes[2]);
    }
}
