package io.ketju.benchmarks.gemm;

import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code dnnl_sgemm} of oneDNN, out of bytedeco's jar, through the foreign function interface. It runs on OpenMP, whose
 * number of threads belongs to the thread that calls.
 */
@SuppressWarnings("restricted") // reading a C structure needs its length set free
public final class OneDnn implements Blas {
    private static final String RESOURCES = "/org/bytedeco/dnnl/linux-x86_64/";
    private static final List<String> LIBRARIES = List.of("libgomp.so.1", "libdnnl.so.3");

    private final MethodHandle sgemm;
    private final MethodHandle setThreads;
    private final String config;

    private OneDnn(NativeLibrary library) {
        ValueLayout.OfByte character = ValueLayout.JAVA_BYTE;
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        ValueLayout.OfFloat real = ValueLayout.JAVA_FLOAT;
        sgemm = library.function(
                "dnnl_sgemm",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        character,
                        character,
                        size,
                        size,
                        size,
                        real,
                        ValueLayout.ADDRESS,
                        size,
                        ValueLayout.ADDRESS,
                        size,
                        real,
                        ValueLayout.ADDRESS,
                        size));
        setThreads = library.function("omp_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
        config = version(library.function("dnnl_version", FunctionDescriptor.of(ValueLayout.ADDRESS)));
    }

    /** Unpacks and loads the library. Throws {@link IllegalStateException} if it is not on the class path. */
    public static OneDnn unpackInto(Path folder) throws IOException {
        return new OneDnn(new NativeLibrary(RESOURCES, LIBRARIES, folder.resolve("onednn")));
    }

    @Override
    public String name() {
        return "oneDNN";
    }

    @Override
    public String config() {
        return config;
    }

    @Override
    public void threads(int count) {
        try {
            setThreads.invokeExact(count);
        } catch (Throwable e) {
            throw new IllegalStateException("omp_set_num_threads failed", e);
        }
    }

    @Override
    public void sgemm(GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c) {
        long m = shape.m();
        long n = shape.n();
        long k = shape.k();
        boolean tn = shape.layout() == Layout.TN;
        boolean nt = shape.layout() == Layout.NT;
        byte opA = (byte) (tn ? 'T' : 'N');
        byte opB = (byte) (nt ? 'T' : 'N');
        int status;
        try {
            status = (int) sgemm.invokeExact(opA, opB, m, n, k, 1f, a, tn ? m : k, b, nt ? k : n, 0f, c, n);
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_sgemm failed for " + shape, e);
        }
        if (status != 0) {
            throw new IllegalStateException("dnnl_sgemm returned status " + status + " for " + shape);
        }
    }

    /** The structure begins with major, minor and patch. */
    private static String version(MethodHandle function) {
        try {
            MemorySegment numbers = ((MemorySegment) function.invokeExact()).reinterpret(3 * Integer.BYTES);
            return "oneDNN " + numbers.getAtIndex(ValueLayout.JAVA_INT, 0) + "."
                    + numbers.getAtIndex(ValueLayout.JAVA_INT, 1) + "." + numbers.getAtIndex(ValueLayout.JAVA_INT, 2);
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_version failed", e);
        }
    }
}
