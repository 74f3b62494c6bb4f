package io.ketju.tensor.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import org.junit.jupiter.api.Test;

/** Runs at every vector width. */
class ArithmeticFingerprintVectorTest {
    /** Changes when the arithmetic changes, and then old checkpoints no longer continue with the same bits. */
    static final String PINNED = "15b3993e65e6675f";

    @Test
    void isTheSameForAllKernelsWidthsAndThreads() {
        assertThat(ArithmeticFingerprint.of(Kernels.scalar())).isEqualTo(PINNED);
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(threads)) {
                assertThat(ArithmeticFingerprint.of(core.kernels()))
                        .as(core.description())
                        .isEqualTo(PINNED);
            }
        }
    }

    @Test
    void noticesOneWrongBitInOneKernel() throws ReflectiveOperationException {
        for (String name : new String[] {"gemm", "conv2dBackwardInput", "exp", "crossEntropy", "adam"}) {
            Kernels wrong = withWrongBit(Kernels.scalar(), name);
            assertThat(ArithmeticFingerprint.of(wrong)).as(name).isNotEqualTo(PINNED);
        }
    }

    /** The same kernels but for one bit in the result of the methods of a name. */
    private static Kernels withWrongBit(Kernels kernels, String name) throws ReflectiveOperationException {
        RecordComponent[] families = Kernels.class.getRecordComponents();
        Class<?>[] types = new Class<?>[families.length];
        Object[] wrong = new Object[families.length];
        for (int i = 0; i < families.length; i++) {
            types[i] = families[i].getType();
            wrong[i] = withWrongBit(types[i], families[i].getAccessor().invoke(kernels), name);
        }
        return Kernels.class.getDeclaredConstructor(types).newInstance(wrong);
    }

    private static Object withWrongBit(Class<?> family, Object kernels, String name) {
        return Proxy.newProxyInstance(family.getClassLoader(), new Class<?>[] {family}, (proxy, method, arguments) -> {
            Object result = method.invoke(kernels, arguments);
            if (method.getName().equals(name)) {
                var last = (Tensor) arguments[arguments.length - 1];
                last.setInt(2, last.getInt(2) ^ 1);
            }
            return result;
        });
    }
}
