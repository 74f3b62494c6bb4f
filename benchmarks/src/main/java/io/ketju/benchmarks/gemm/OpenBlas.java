package io.ketju.benchmarks.gemm;

import io.ketju.tensor.kernel.GemmShape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * OpenBLAS, called through the foreign function interface from the shared library inside bytedeco's jar, which is on the
 * class path with the Maven profile {@code peers} only. The library is unpacked into a folder that the caller owns.
 */
@SuppressWarnings("restricted") // calling native code is what this class is for; the JVM is started for it
public final class OpenBlas {
    private static final String RESOURCES = "/org/bytedeco/openblas/linux-x86_64/";

    /** The library and what it needs of the Fortran runtime, in the order of loading. */
    private static final List<String> LIBRARIES =
            List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

    // Constants of cblas.h.
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;

    private final MethodHandle sgemm;
    private final MethodHandle setThreads;
    private final String config;

    private OpenBlas(SymbolLookup library) {
        ValueLayout.OfInt integer = ValueLayout.JAVA_INT;
        ValueLayout.OfFloat real = ValueLayout.JAVA_FLOAT;
        sgemm = handle(
                library,
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
        setThreads = handle(library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(integer));
        config = text(handle(library, "openblas_get_config", FunctionDescriptor.of(ValueLayout.ADDRESS)));
    }

    /** Unpacks and loads the library. Throws {@link IllegalStateException} if it is not on the class path. */
    public static OpenBlas unpackInto(Path folder) throws IOException {
        SymbolLookup lookup = SymbolLookup.loaderLookup();
        for (String name : LIBRARIES) {
            Path file = folder.resolve(name);
            try (InputStream library = OpenBlas.class.getResourceAsStream(RESOURCES + name)) {
                if (library == null) {
                    throw new IllegalStateException(
                            "no OpenBLAS on the class path: build with the Maven profile 'peers', or use ./benchmarks/run");
                }
                Files.copy(library, file);
            }
            lookup = SymbolLookup.libraryLookup(file, Arena.global());
        }
        return new OpenBlas(lookup);
    }

    /** Version, build options and the kernels it chose, as it says itself. */
    public String config() {
        return config;
    }

    /** How many threads the next products use. */
    public void threads(int count) {
        try {
            setThreads.invokeExact(count);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads failed", e);
        }
    }

    /** {@code c = a · b}, dense and row-major; the shape's layout is NN. */
    public void sgemm(GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c) {
        if (shape.layout() != GemmShape.Layout.NN) {
            throw new IllegalArgumentException("only NN is bound, got " + shape);
        }
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        try {
            sgemm.invokeExact(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, m, n, k, 1f, a, k, b, n, 0f, c, n);
        } catch (Throwable e) {
            throw new IllegalStateException("cblas_sgemm failed for " + shape, e);
        }
    }

    private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
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
