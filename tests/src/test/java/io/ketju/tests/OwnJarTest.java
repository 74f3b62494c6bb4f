package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar with a layer, compiled here as its author would, given to the launcher by {@code KETJU_CLASSPATH}. */
class OwnJarTest {
    private static final String SOURCE = """
            import io.ketju.layers.Footprint;
            import io.ketju.layers.Layer;
            import io.ketju.layers.OneToOne;
            import io.ketju.layers.OwnLayers;
            import io.ketju.layers.Pass;
            import io.ketju.layers.spec.Description;
            import io.ketju.layers.spec.Entry;
            import io.ketju.layers.spec.Spec;
            import io.ketju.tensor.Tensor;
            import io.ketju.tensor.TensorType;
            import java.util.List;

            public final class Added implements OwnLayers {
                @Override
                public List<Entry<Layer>> entries() {
                    return List.of(Description.of("NAME", "twice its input").always(new Twice()));
                }

                record Twice() implements OneToOne {
                    @Override
                    public Spec spec() {
                        return Spec.of("NAME");
                    }

                    @Override
                    public TensorType output(TensorType input) {
                        return input;
                    }

                    @Override
                    public long forwardFlops(TensorType input) {
                        return input.shape().elements();
                    }

                    @Override
                    public Footprint footprint(TensorType input) {
                        return Footprint.NOTHING;
                    }

                    @Override
                    public void forward(Pass pass) {
                        twice(pass.input(0), pass.output(0));
                    }

                    @Override
                    public void backwardInput(Pass pass) {
                        twice(pass.gradOutput(0), pass.gradInput(0));
                    }

                    private static void twice(Tensor from, Tensor to) {
                        for (int i = 0; i < from.elements(); i++) {
                            to.setFloat(i, 2 * from.getFloat(i));
                        }
                    }
                }
            }
            """;

    /** Twice is in the second stage, and each stage in a process of its own. */
    private static final String JOB = """
            model {
              input = [1, 8, 8]
              layers = ["Flatten()", "Linear(64, 16)", "Twice()", "Linear(16, 10)"]
            }
            data = digits
            epochs = 1
            stage-bounds = [0, 2, 4]
            """;

    @TempDir
    private Path folder;

    @Test
    void workersComputeALayerOfAJar() throws Exception {
        Path jar = jar("Twice");
        Files.writeString(folder.resolve("own.conf"), JOB);
        Launcher launcher = Launcher.laidOutIn(folder).with("KETJU_CLASSPATH", jar.toString());
        try (ChildProcess train = launcher.ketju("launch", "own.conf", "--nodes", "2", "--no-save")) {
            assertThat(train.awaitExit()).as("%s", train).isZero();
            assertThat(train.err()).as("%s", train).isEmpty();
        }
    }

    @Test
    void aNameThatIsTakenIsOneLineAndExitCodeTwo() throws Exception {
        Path jar = jar("ReLU");
        Files.writeString(folder.resolve("own.conf"), JOB.replace("Twice", "ReLU"));
        String line = refused(jar.toString(), "train", "own.conf", "--no-save");
        assertThat(line).contains("layer ReLU is registered twice: by Ketju and by " + jar + "; choose another name");
    }

    @Test
    void aJarThatIsNotThereIsOneLineAndExitCodeTwo() {
        assertThat(refused("missing.jar", "version"))
                .isEqualTo("ketju: KETJU_CLASSPATH: expected jars, found no missing.jar");
    }

    /** What the launcher says on standard error. */
    private String refused(String classPath, String... arguments) {
        Launcher launcher = Launcher.laidOutIn(folder).with("KETJU_CLASSPATH", classPath);
        try (ChildProcess script = launcher.ketju(arguments)) {
            assertThat(script.awaitExit()).as("%s", script).isEqualTo(2);
            assertThat(script.err()).as("%s", script).hasSize(1);
            return script.err().getFirst();
        }
    }

    private Path jar(String layer) throws Exception {
        Path source = Files.createDirectory(folder.resolve("source")).resolve("Added.java");
        Files.writeString(source, SOURCE.replace("NAME", layer));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        OutputStream.nullOutputStream(),
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(code).isZero();
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.ketju.layers.OwnLayers"), "Added\n");
        Path jar = folder.resolve("own.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> found = Files.walk(classes)) {
            List<Path> files = found.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }
}
