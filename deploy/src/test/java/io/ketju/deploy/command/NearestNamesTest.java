package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data, files and runs that are not there: the line asks for what was probably meant, or for nothing. */
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
}
