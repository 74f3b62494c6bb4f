package io.ketju.deploy.config;

/** What a file of settings is for: how errors about it are worded. */
enum FileKind {
    /** A job. */
    JOB(
            "job file",
            "; train without a file trains the default job",
            "a job is one file",
            "no substitution, which a job has no need of"),

    /** How a node takes part in a cluster. */
    NODE(
            "node file",
            "; ketju node --help shows what may be in one",
            "the settings of a node are one file",
            "no substitution, which the settings of a node have no need of");

    private final String title;
    private final String advice;
    private final String alone;
    private final String substitution;

    FileKind(String title, String advice, String alone, String substitution) {
        this.title = title;
        this.advice = advice;
        this.alone = alone;
        this.substitution = substitution;
    }

    /** {@code job file}. */
    String title() {
        return title;
    }

    /** What to do where there is none. */
    String advice() {
        return advice;
    }

    /** What is expected in place of an include. */
    String expectedAlone() {
        return "no include: " + alone;
    }

    /** What is expected in place of a substitution. */
    String expectedWithoutSubstitution() {
        return substitution;
    }
}
