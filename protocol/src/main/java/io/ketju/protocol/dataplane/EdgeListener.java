package io.ketju.protocol.dataplane;

import java.util.Optional;

/** Whoever wants to know how an outbound edge ends. */
@FunctionalInterface
public interface EdgeListener {
    /**
     * The edge has ended, every lease it held is closed; one that another thread gives at this moment is closed soon
     * after. Called once per edge that was opened, on a thread that moves bytes.
     *
     * @param cause empty after an orderly end, else a {@link DataPlaneException}
     */
    void closed(Optional<Throwable> cause);
}
