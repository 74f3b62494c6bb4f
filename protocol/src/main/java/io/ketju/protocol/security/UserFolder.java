package io.ketju.protocol.security;

import java.nio.file.Path;
import java.util.Map;

/** Where Ketju keeps what belongs to a user and not to a run. */
public final class UserFolder {
    private static final String STATE_HOME = "XDG_STATE_HOME";

    private UserFolder() {}

    /**
     * {@return {@code ~/.local/state/ketju}, or {@code ketju} in the folder that the environment says; it need not be there}
     *
     * @param environment of the process; {@code XDG_STATE_HOME} in it counts if it is absolute
     */
    public static Path state(Map<String, String> environment) {
        String given = environment.getOrDefault(STATE_HOME, "");
        Path state =
                given.startsWith("/") ? Path.of(given) : Path.of(System.getProperty("user.home"), ".local", "state");
        return state.resolve("ketju");
    }
}
