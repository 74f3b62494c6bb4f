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

/** {@code cblas_sgemm} of OpenBLAS, out of bytedeco's jar, through the foreign function interface. */
@SuppressWarnings("restricted") // reading a C string needs its length set free
public final class OpenBlas implements Blas {
    private static final String RESOURCES = "/org/bytedeco/openblas/linux-x86_64/";

    /** The library and what it needs of the Fortran runtime, in the order of loading. */
    private static final List<String> LIBRARIES =
            List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

    // Constants of cblas.h.
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    private final MethodHandle sgemm;
    private final MethodHandle setThreads;
    private final String config;

    private OpenBlas(NativeLibrary library) {
        ValueLayout.OfInt integer = ValueLayout.JAVA_INT;
        ValueLayout.OfFloat real = ValueLayout.JAVA_FLOAT;
        sgemm = library.function(
                "cblas_sgemm",
                FunctionDescriptor.ofVoid(
                        integer,
                        integer,
                        integer,
                        integer,
                        integer,
                        integer,
                        real,
                        ValueLayout.ADDRESS,
                        integer,
                        ValueLayout.ADDRESS,
                        integer,
                        real,
                        ValueLayout.ADDRESS,
                        integer));
        setThreads = library.function("openblas_set_num_threads", FunctionDescriptor.ofVoid(integer));
        config = text(library.function("openblas_get_config", FunctionDescriptor.of(ValueLayout.ADDRESS)));
    }

    /** Unpacks and loads the library. Throws {@link IllegalStateException} if it is not on the class path. */
    public static OpenBlas unpackInto(Path folder) throws IOException {
        return new OpenBlas(new NativeLibrary(RESOURCES, LIBRARIES, folder.resolve("openblas")));
    }

    @Override
    public String name() {
        return "OpenBLAS";
    }

    /** Version, build options and the kernels it chose, as it says itself. */
    @Override
    public String config() {
        return config;
    }

    @Override
    public void threads(int count) {
        try {
            setThreads.invokeExact(count);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads failed", e);
        }
    }

    @Override
    public void sgemm(GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        boolean tn = shape.layout() == Layout.TN;
        boolean nt = shape.layout() == Layout.NT;
        int opA = tn ? TRANSPOSE : NO_TRANSPOSE;
        int opB = nt ? TRANSPOSE : NO_TRANSPOSE;
        try {
            sgemm.invokeExact(ROW_MAJOR, opA, opB, m, n, k, 1f, a, tn ? m : k, b, nt ? k : n, 0f, c, n);
        } catch (Throwable e) {
            throw new IllegalStateException("cblas_sgemm failed for " + shape, e);
        }
    }

    private static String text(MethodHandle function) {
        try {
            MemorySegment text = (MemorySegment) function.invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_config failed", e);
        }
    }
}
