package io.ketju.cluster.link;

import java.util.Locale;
import java.util.Optional;

/** What tensors may take on their way to another JVM. */
public enum DataPath {
    /** Shared memory to a process of the same machine, if both sides find it; sockets to all others. */
    AUTO,
    /** Sockets alone. */
    SOCKETS;

    /**
     * {@return the path of a name; empty for any other text}
     *
     * @param text its name in small letters
     */
    public static Optional<DataPath> of(String text) {
        for (DataPath each : values()) {
            if (each.text().equals(text)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** {@return the name in small letters} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
