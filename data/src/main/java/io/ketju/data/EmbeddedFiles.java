package io.ketju.data;

import java.io.InputStream;

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
}
