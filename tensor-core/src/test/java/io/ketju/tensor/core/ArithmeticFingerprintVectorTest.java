package io.ketju.tensor.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.ScalarKernels;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** Runs at every vector width. */
class ArithmeticFingerprintVectorTest {
    /** Changes when the arithmetic changes, and then old checkpoints no longer continue with the same bits. */
    static final String PINNED = "15b3993e65e6675f";

    @Test
    void isTheSameForAllKernelsWidthsAndThreads() {
        assertThat(ArithmeticFingerprint.of(new ScalarKernels())).isEqualTo(PINNED);
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(threads)) {
                assertThat(ArithmeticFingerprint.of(core.kernels()))
                        .as(core.description())
                        .isEqualTo(PINNED);
            }
        }
    }

    @Test
    void noticesOneWrongBitInOneKernel() {
        for (String name : new String[] {"gemm", "conv2dBackwardInput", "exp", "crossEntropy", "adam"}) {
            Kernels wrong = (Kernels) withWrongBit(Kernels.class, new ScalarKernels(), name);
            assertThat(ArithmeticFingerprint.of(wrong)).as(name).isNotEqualTo(PINNED);
        }
    }

    /** The same kernels, families included, but for one bit in the result of the methods of a name. */
    private static Object withWrongBit(Class<?> type, Object kernels, String name) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object result = method.invoke(kernels, arguments);
            if (type == Kernels.class) {
                return withWrongBit(method.getReturnType(), result, name);
            }
            if (method.getName().equals(name)) {
                var last = (Tensor) arguments[arguments.length - 1];
                last.setInt(2, last.getInt(2) ^ 1);
            }
            return result;
        });
    }
}
