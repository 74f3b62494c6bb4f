package io.ketju.site;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the site: {@code Main REPOSITORY FOLDER}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("expected the repository and a folder for the site");
        }
        new Site(Path.of(arguments[0])).write(Path.of(arguments[1]));
    }
}
