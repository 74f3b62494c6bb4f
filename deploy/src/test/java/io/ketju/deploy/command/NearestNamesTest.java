package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, data, files and runs that are not there: the line asks for what was probably meant, or for nothing. */
class NearestNamesTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void prepare() {
        BadFiles.prepare(folder);
        BadFiles.write(folder.resolve("job.conf"), new byte[0]);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    train --no-save --data fashon-mnist  | ; did you mean 'fashion-mnist'?
                    train --no-save --data digist        | ; did you mean 'digits'?
                    train --no-save --data dikens        | ; did you mean 'dickens'?
                    train --no-save --data text(dikens)  | ; did you mean 'dickens'?
                    train --no-save --data tabel("x.csv")  | unknown data 'tabel'; did you mean 'table'?
                    train --no-save --data imges("d")      | unknown data 'imges'; did you mean 'images'?
                    train --no-save --data augment(txt(dickens)) | unknown data 'txt'; did you mean 'text'?
                    train --no-save --data windows(dickens,form=skipgram) | found 'skipgram'; did you mean 'skip_gram'?
                    train --no-save --non-finite-gradients skp | found "skp"; did you mean 'skip'?
                    completion bsh                       | found 'bsh'; did you mean 'bash'?
                    train --no-save --data DIR/empyt.tgz | ; did you mean 'DIR/empty.tgz'?
                    train --no-save DIR/jobb.conf        | found none; did you mean 'DIR/job.conf'?
                    launch DIR/job.conf --hosts DIR/fil.txt | found none; did you mean 'DIR/file.txt'?
                    info DIR/fashion-lenet-9             | found no such folder; did you mean 'DIR/fashion-lenet-1'?
                    train --resume DIR/fashion-lent-1    | found no such folder; did you mean 'DIR/fashion-lenet-1'?
                    info DIR/emty                        | found no such folder
                    train --no-save DIR/sond             | found none; train without a file trains the default job
                    train --no-save DIR/none/job.conf    | found none; train without a file trains the default job
                    """)
    void areAskedFor(String line, String end) {
        InProcess refused = InProcess.run(line.replace("DIR", folder.toString()).split(" ", -1));
        assertThat(refused.exitCode()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
        assertThat(refused.err()).endsWith(end.replace("DIR", folder.toString()) + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    epchs = 3                                        | unknown key 'epchs'; did you mean 'epochs'?
                    modle { name = lenet5 }                          | unknown key 'modle'; did you mean 'model'?
                    model { nam = lenet5 }                           | unknown key 'model.nam'; did you mean 'model.name'?
                    wire = bf61                                      | found "bf61"; did you mean 'bf16'?
                    loss = "CrossEntropyLoss(reduction=men)"         | found 'men'; did you mean 'mean'?
                    learning-rate-schedule = "ReduceLROnPlateau(mode=mn)" | found 'mn'; did you mean 'min'?
                    parameter-groups = ["3.weight: frzen"]           | found 'frzen'; did you mean 'frozen'?
                    model.layers = ["Flatten()", "fc = Linear(64, 10)", "out = ReLU() <- fcc"] | found 'fcc'; did you mean 'fc'?
                    model.layers = ["Flatten()", "Conv2d(1, 4, 3, padding_mode=zros)"] | found 'zros'; did you mean 'zeros'?
                    model.layers = ["Flatten()", "fc = Linear(64, 10)", "output fcc"] | found 'fcc'; did you mean 'fc'?
                    """)
    void namesInJobFilesAreAskedFor(String lines, String end) {
        String model = lines.startsWith("model.") ? "model.input = [1, 8, 8]\n" : "model.name = \"mlp(64, 10)\"\n";
        Path job = written("named.conf", "data = digits\n" + model + lines + "\n");
        InProcess refused = InProcess.run("train", "--no-save", job + "");
        assertThat(refused.exitCode()).as(refused.out()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
        assertThat(refused.err().strip()).endsWith(end);
    }

    private static Path written(String name, String text) {
        Path file = folder.resolve(name);
        BadFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    @Test
    void headsAndColumnsAreAskedFor() {
        Path table = written("cells.csv", "width,kind\n1,a\n2,b\n");
        String[] columns = {"train", "--no-save", "--data", "table('" + table + "', knd)", "--model", "mlp(1, 2)"};
        assertThat(InProcess.run(columns).err().strip())
                .endsWith("expected a column 'knd', found the columns width, kind; did you mean 'kind'?");
        Path job = written("heads.conf", """
                data = digits
                model.input = [1, 8, 8]
                model.layers = ["Flatten()", "fc = Linear(64, 10)", "head first = CrossEntropyLoss() <- fc targets target"]
                objectives = [ { name = a, heads = [frst], parameters = ["fc.*"] } ]
                """);
        assertThat(InProcess.run("train", "--no-save", job + "").err().strip())
                .endsWith("the model has no head 'frst'; it has [first]; did you mean 'first'?");
    }
}
