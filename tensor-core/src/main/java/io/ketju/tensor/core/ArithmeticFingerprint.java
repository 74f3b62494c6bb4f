package io.ketju.tensor.core;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.kernel.update.SgdStep;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.simd.ColumnSum;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A name for the arithmetic of a build: 16 hexadecimal digits of the SHA-256 of what the kernels make of fixed inputs.
 * Equal on every machine, vector width and number of threads. A checkpoint carries it: a run that continues under
 * another fingerprint goes on, but not with the bits that it would have had.
 */
public final class ArithmeticFingerprint {
    private static final int DIGITS = 16;
    /** Longer than one chain of a product, and no multiple of any vector. */
    private static final int LENGTH = MatrixKernels.K_BLOCK + 51;

    private final Kernels kernels;
    private final TensorArena arena = new TensorArena(1 << 20);
    private final MessageDigest digest = sha256();
    private int inputs;

    private ArithmeticFingerprint(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * {@return the fingerprint of these kernels; takes about a millisecond once they are compiled}
     *
     * @param kernels whose pool is open
     */
    public static String of(Kernels kernels) {
        ArithmeticFingerprint fingerprint = new ArithmeticFingerprint(kernels);
        try (fingerprint.arena) {
            fingerprint.products();
            fingerprint.convolution();
            fingerprint.activations();
            fingerprint.loss();
            fingerprint.updates();
            return HexFormat.of().formatHex(fingerprint.digest.digest()).substring(0, DIGITS);
        }
    }

    private void products() {
        Tensor c = result(5, 19);
        kernels.matrix().gemm(GemmShape.nn(5, 19, LENGTH), input(5, LENGTH), input(LENGTH, 19), c);
        take(c);
        kernels.matrix().gemmBias(GemmShape.nt(5, 19, LENGTH), input(5, LENGTH), input(19, LENGTH), input(19), c);
        take(c);
        kernels.matrix().gemmAccumulate(GemmShape.tn(5, 19, LENGTH), input(LENGTH, 5), input(LENGTH, 19), c);
        take(c);
        Tensor sums = input(19);
        kernels.matrix().sumRowsAccumulate(c, sums);
        kernels.matrix().sumRowsAccumulate(input(ColumnSum.BLOCK + 51, 19), sums);
        take(sums);
    }

    private void convolution() {
        Conv2dShape.Window window = Conv2dShape.Window.square(3, 2, 1);
        Conv2dShape shape = new Conv2dShape(2, 3, 9, 7, 4, window);
        Tensor x = input(2, 3, 9, 7);
        Tensor w = input(4, 3, 3, 3);
        Tensor y = result(2, 4, shape.outHeight(), shape.outWidth());
        kernels.convolution().conv2dForward(shape, x, w, input(4), y);
        take(y);
        Tensor dx = result(2, 3, 9, 7);
        kernels.convolution().conv2dBackwardInput(shape, y, w, dx);
        take(dx);
        kernels.convolution().conv2dBackwardWeight(shape, x, y, w);
        take(w);
        Tensor db = input(4);
        kernels.convolution().conv2dBackwardBias(shape, y, db);
        take(db);
        Tensor maxima = result(2, 3, shape.outHeight(), shape.outWidth());
        Tensor argmax = arena.allocate(DType.INT32, maxima.shape());
        kernels.pooling().maxPool2dForward(PoolWindow.square(3, 2, 1), x, maxima, argmax);
        take(argmax);
        kernels.pooling().maxPool2dBackward(maxima, argmax, dx);
        take(dx);
    }

    private void activations() {
        Tensor x = input(2, LENGTH);
        Tensor y = result(2, LENGTH);
        kernels.activation().exp(x, y);
        take(y);
        kernels.activation().log(y, y);
        take(y);
        kernels.activation().tanhForward(x, y);
        take(y);
        kernels.activation().tanhBackward(y, x, y);
        take(y);
        kernels.softmax().softmaxForward(x, y);
        take(y);
    }

    private void loss() {
        Tensor logits = input(6, 37);
        Tensor targets = arena.allocate(DType.INT32, Shape.of(6));
        for (int row = 0; row < 6; row++) {
            targets.setInt(row, row * 7);
        }
        Tensor losses = result(6);
        Tensor dlogits = result(6, 37);
        kernels.loss().crossEntropy(logits, targets, 1f / 6, losses, dlogits);
        take(losses);
        take(dlogits);
    }

    private void updates() {
        Tensor w = input(LENGTH);
        Tensor m = input(LENGTH);
        Tensor v = input(LENGTH);
        kernels.activation().exp(v, v);
        kernels.update().sgd(new SgdStep(0.1, 0.9, 0, 1e-4, true, false), w, input(LENGTH), m);
        take(w);
        take(m);
        kernels.update().adam(new AdamStep(1e-3, 0.9, 0.999, 1e-8, 1e-2, 3), w, input(LENGTH), m, v);
        take(w);
        take(m);
        take(v);
    }

    /** Values from -3.1 to 3.1 without a pattern that fits a vector, another sequence per tensor. */
    private Tensor input(int... dimensions) {
        Tensor tensor = result(dimensions);
        inputs++;
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, ((i + 1L) * (1009 + 2 * inputs) % 6211 - 3105) / 1001f);
        }
        return tensor;
    }

    private Tensor result(int... dimensions) {
        return arena.allocate(Shape.of(dimensions));
    }

    private void take(Tensor tensor) {
        for (int i = 0; i < tensor.elements(); i++) {
            int bits = tensor.getInt(i);
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                digest.update((byte) (bits >> shift));
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
