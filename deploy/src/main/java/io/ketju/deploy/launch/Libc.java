package io.ketju.deploy.launch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Functions of the C library that the JDK has no class for. */
final class Libc {
    private Libc() {}

    @SuppressWarnings("restricted") // Plain ints and one small struct; the launcher enables native access.
    static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
