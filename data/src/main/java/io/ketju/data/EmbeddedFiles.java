package io.ketju.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The files of the embedded datasets, which travel in a jar of their own. Whoever trains on other data leaves it out. */
final class EmbeddedFiles {
    /** Where the jar has them. */
    private static final String FOLDER = "io/ketju/datasets/";

    private final ClassLoader jars;

    /**
     * @param jars finds the files
     */
    EmbeddedFiles(ClassLoader jars) {
        this.jars = jars;
    }

    /** A file of a dataset; throws {@link BadDataException} where the jar is not on the class path. */
    InputStream open(String dataset, String file) {
        InputStream in = jars.getResourceAsStream(FOLDER + dataset + "/" + file);
        if (in == null) {
            throw BadDataException.of(
                    "dataset '" + dataset + "'",
                    "its file " + file + " on the class path",
                    "none; add the artifact io.ketju:ketju-datasets, which holds the embedded datasets");
        }
        return in;
    }

    /**
     * A text in UTF-8, unpacked if its name ends in {@code .gz}; throws {@link BadDataException} unless it is what was put
     * there.
     *
     * @param sha256 of the unpacked bytes, in hex
     */
    String text(String dataset, String file, String sha256) {
        String source = "embedded " + dataset + "/" + file;
        try (InputStream in = open(dataset, file);
                InputStream plain = file.endsWith(".gz") ? Gzip.open(in, source) : in) {
            byte[] bytes = plain.readAllBytes();
            String found = sha256(bytes);
            if (!found.equals(sha256)) {
                throw BadDataException.of(source, "content with SHA-256 " + sha256, found + " (damaged jar?)");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
