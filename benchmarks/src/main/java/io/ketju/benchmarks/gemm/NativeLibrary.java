package io.ketju.benchmarks.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Shared libraries inside one of bytedeco's jars, which are on the class path with the Maven profile {@code peers} only;
 * unpacked into a folder that the caller owns, and loaded for good.
 */
@SuppressWarnings("restricted") // calling native code is what this class is for; the JVM is started for it
final class NativeLibrary {
    private final SymbolLookup symbols;

    /**
     * @param resources folder on the class path, with slashes around
     * @param names files in the order of loading: what others need comes first
     */
    NativeLibrary(String resources, List<String> names, Path folder) throws IOException {
        SymbolLookup found = name -> java.util.Optional.empty();
        Files.createDirectories(folder);
        for (String name : names) {
            Path file = folder.resolve(name);
            try (InputStream library = NativeLibrary.class.getResourceAsStream(resources + name)) {
                if (library == null) {
                    throw new IllegalStateException("no " + resources + name
                            + " on the class path: build with the Maven profile 'peers', or use ./benchmarks/run");
                }
                Files.copy(library, file);
            }
            found = SymbolLookup.libraryLookup(file, Arena.global()).or(found);
        }
        symbols = found;
    }

    /** One function, which must exist. */
    MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
    }
}
