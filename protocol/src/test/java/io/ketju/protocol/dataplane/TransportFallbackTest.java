package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that embed Ketju have Netty's classes, but not the native libraries behind two of its transports. */
class TransportFallbackTest {
    @Test
    void withoutNativeLibrariesTheJdksOwnTransportIsUsed() throws IOException, ReflectiveOperationException {
        try (URLClassLoader bare = withoutNativeLibraries()) {
            assertThat(choose(bare, Transport.AUTO)).startsWith("SocketKind[name=nio,");
            for (Transport named : List.of(Transport.EPOLL, Transport.IO_URING)) {
                assertThatThrownBy(() -> choose(bare, named))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("the transport " + named + " does not work here (")
                        .hasMessageEndingWith("); use AUTO");
            }
        }
    }

    /** What another world of classes chooses, as text. */
    private static String choose(ClassLoader world, Transport transport) throws ReflectiveOperationException {
        Class<?> transports = world.loadClass(Transport.class.getName());
        Object wanted = transports.getMethod("valueOf", String.class).invoke(null, transport.name());
        Method choice = world.loadClass(SocketKind.class.getName()).getDeclaredMethod("of", transports);
        choice.setAccessible(true);
        return String.valueOf(choice.invoke(null, wanted));
    }

    private static URLClassLoader withoutNativeLibraries() throws MalformedURLException {
        List<URL> kept = new ArrayList<>();
        int left = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.contains("netty-transport-native-epoll") || entry.contains("netty-transport-native-io_uring")) {
                left++;
            } else {
                kept.add(Path.of(entry).toUri().toURL());
            }
        }
        assertThat(left).as("jars with native libraries on this class path").isEqualTo(4);
        return new URLClassLoader(kept.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
