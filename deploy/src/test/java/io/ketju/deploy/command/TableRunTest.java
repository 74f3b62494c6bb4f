package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a table, and other tables. */
class TableRunTest {
    private static final String ROWS = "a,b,y\n1,2,3\n2,3,5\n3,5,8\n4,4,8\n5,6,11\n";

    @TempDir
    private Path folder;

    private String trained() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), ROWS);
        Path job = Files.writeString(folder.resolve("job.conf"), """
                model { input = [2], layers = ["Linear(2, 1)"] }
                data = "%s"
                targets = [y]
                loss = "MSELoss()"
                microbatches = 1
                epochs = 1
                """.formatted(table));
        String run = folder.resolve("run").toString();
        assertThat(InProcess.run("train", job.toString(), "--run-dir", run).exitCode())
                .isZero();
        return run;
    }

    private String table(String name, String rows) throws IOException {
        return Files.writeString(folder.resolve(name), rows).toString();
    }

    /** A row alone has no spread of its own: only the run's encoding makes these numbers of it. */
    @Test
    void isEvaluatedOnRowsOfOtherTables() throws IOException {
        String run = trained();
        assertThat(InProcess.run("evaluate", run).out()).contains("on 1 sample of t.csv/test");
        InProcess all = InProcess.run("evaluate", run, "--data", table("all.csv", ROWS));
        assertThat(all.exitCode()).isZero();
        assertThat(all.out()).contains("on 5 samples of all.csv");
        InProcess one = InProcess.run("evaluate", run, "--data", table("one.csv", "y,more,b,a\n11,x,6,5\n"));
        InProcess ten = InProcess.run("evaluate", run, "--data", table("ten.csv", "a,b,y\n" + "5,6,11\n".repeat(10)));
        assertThat(ten.out()).contains("on 10 samples of ten.csv");
        assertThat(line("loss", one)).isEqualTo(line("loss", ten)).isNotEqualTo(line("loss", all));
    }

    /** What is done with gaps, codes and numbers is kept with the run and done to the rows that it is shown. */
    @Test
    void aRunReadsOtherRowsByItsOwnRules() throws IOException {
        String gaps = "a;code;y\n1;10;3\n;20;5\n3;10;8\n4;NA;8\n5;20;11\n7;10;\n";
        String file = table("gaps.csv", gaps.replace("7;10;\n", ""));
        Path job = Files.writeString(folder.resolve("gaps.conf"), """
                model { input = [3], layers = ["Linear(3, 1)"] }
                data = "table('%s', y, missing=fill, words=code, scaling=minmax, delimiter=semicolon, test=0.4)"
                loss = "MSELoss()"
                batch = 2
                microbatches = 1
                epochs = 2
                """.formatted(file));
        String run = folder.resolve("run").toString();
        InProcess trained = InProcess.run("train", job.toString(), "--run-dir", run);
        assertThat(trained.err() + trained.out()).contains("gaps.csv");
        assertThat(trained.exitCode()).isZero();
        assertThat(InProcess.run("evaluate", run).out()).contains("on 2 samples of gaps.csv/test");
        assertThat(InProcess.run("evaluate", run, "--data", table("other.tsv", "code\ty\ta\n10\t3\t1\nnull\t8\t\n"))
                        .out())
                .contains("on 2 samples of other.tsv");
        InProcess one = InProcess.run("predict", run, table("one.csv", "a;code\n;NA\n"));
        InProcess again = InProcess.run("predict", run, table("again.csv", "code;a\n?;\n"));
        assertThat(one.exitCode()).isZero();
        assertThat(again.out()).isEqualTo(one.out().replace("one.csv", "again.csv"));
        InProcess unknown = InProcess.run("predict", run, table("new.csv", "a;code\n1;30\n"));
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("new.csv, line 2: expected one of 10, 20 as 'code', found '30'");
        refused(run, gaps, ", line 7: expected a value of 'y', found nothing; fill it in or take the row out");
    }

    private static String line(String field, InProcess run) {
        return run.out()
                .lines()
                .filter(line -> line.contains(field))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void otherTablesThatDoNotFitAreRefusedInOneLine() throws IOException {
        String run = trained();
        refused(run, "a,b\n1,2\n", ": expected a column 'y', found the columns a, b");
        refused(run, "a,y\n1,2\n", ": expected a column 'b', found the columns a, y");
        refused(run, "a,b,y\n1,2,3\n1,two,3\n", ", line 3: expected a number as 'b', found 'two'");
        refused(run, "a,b,y\n1,2,3\n1,2,three\n", ", line 3: expected a number as 'y', found 'three'");
        refused(run, "a,b,y\n", ": expected at least 1 row under the heading, found 0");
        InProcess known = InProcess.run("evaluate", run, "--data", "penguins");
        assertThat(known.exitCode()).isEqualTo(2);
    }

    private void refused(String run, String rows, String line) throws IOException {
        String file = table("other.csv", rows);
        InProcess refused = InProcess.run("evaluate", run, "--data", file);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip()).isEqualTo("ketju evaluate: " + file + line);
    }

    @Test
    void aTableWithoutTargetsIsToldItsColumns() throws IOException {
        String file = table("t.csv", ROWS);
        InProcess refused = InProcess.run("train", "--data", file, "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip())
                .isEqualTo("ketju train: --data: " + file + ": expected targets, which names the columns to learn,"
                        + " beside a table, found none; its columns are a, b, y");
    }

    @Test
    void aWordAmongNumbersIsNamed() throws IOException {
        trained();
        String file = table("t.csv", ROWS.replace("3,5,8", "3,five,8"));
        InProcess refused = InProcess.run("train", folder.resolve("job.conf").toString(), "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains(file + ", line 4: expected a number as 'b', as in most of the rows, found 'five';");
    }
}
