package io.ketju.protocol.security;

import java.nio.file.Path;
import java.util.Map;

/** Where Ketju keeps what belongs to a user and not to a run. */
public final class UserFolder {
    private static final String STATE_HOME = "XDG_STATE_HOME";

    private UserFolder() {}

    /** {@code ~/.local/state/ketju}, or where the environment says. */
    public static Path state(Map<String, String> environment) {
        String given = environment.getOrDefault(STATE_HOME, "");
        Path state =
                given.startsWith("/") ? Path.of(given) : Path.of(System.getProperty("user.home"), ".local", "state");
        return state.resolve("ketju");
    }
}
