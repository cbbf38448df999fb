package dev.sluice.deployer.rollout.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyBookTest {

    private static final PolicyFile ALL = new PolicyFile("conf/all.cfg", Map.of("middleware", "*", "steps", "5,100"));
    private static final PolicyFile AUTH =
            new PolicyFile("conf/auth.cfg", Map.of("middleware", "auth", "steps", "1,100"));
    private static final PolicyFile BUNDLE = new PolicyFile("conf/bundle.cfg", Map.of("bundle", "b", "steps", "2,100"));

    private long nanos = Long.MAX_VALUE - 5;
    private final PolicyBook book = new PolicyBook(() -> nanos);

    private String chosen(String symbolicName, String... middleware) {
        Choice choice = book.choose(symbolicName, List.of(middleware));
        return choice instanceof Choice.Chosen chosen
                ? chosen.policy().texts().getOrDefault("steps", "standard")
                : ((Choice.Unclear) choice).reason();
    }

    @Test
    void choosesTheNearest() {
        book.take(List.of(ALL, AUTH, BUNDLE));

        assertThat(chosen("b", "auth")).isEqualTo("2,100");
        assertThat(chosen("c", "log", "auth")).isEqualTo("1,100");
        assertThat(chosen("c", "log")).isEqualTo("5,100");
    }

    @Test
    void choosesTheStandardWhereThereIsNone() {
        book.take(List.of(AUTH));

        assertThat(chosen("c", "log")).isEqualTo("standard");
    }

    @Test
    void keepsWhatAFileSaidBeforeItHadAMistakeInIt() {
        book.take(List.of(AUTH));
        List<PolicyLine> lines =
                book.take(List.of(new PolicyFile(AUTH.file(), Map.of("middleware", "auth", "steps", "x"))));

        assertThat(chosen("c", "auth")).isEqualTo("1,100");
        assertThat(lines.get(0).refusal().orElseThrow()).contains("no percentage");
        book.take(List.of());
        nanos += PolicyBook.SETTLE_NANOS;
        assertThat(chosen("c", "auth")).isEqualTo("standard");
    }

    @Test
    void aFileThatIsAwayForAMomentTakesNothingBack() {
        book.take(List.of(AUTH));
        assertThat(book.take(List.of())).hasSize(1);
        nanos += PolicyBook.SETTLE_NANOS - 1;
        assertThat(chosen("c", "auth")).isEqualTo("1,100");
        book.take(List.of(BUNDLE));
        assertThat(chosen("c", "auth")).as("whatever else happens").isEqualTo("1,100");
        book.take(List.of(AUTH));
        nanos += 1;
        assertThat(chosen("c", "auth")).as("it is back").isEqualTo("1,100");
        nanos += PolicyBook.SETTLE_NANOS;
        assertThat(chosen("c", "auth")).isEqualTo("1,100");
    }

    @Test
    void aFileThatStaysAwayTakesItsPolicyAlongThoughNothingElseHappens() {
        book.take(List.of(ALL, AUTH));
        book.take(List.of(ALL));
        nanos += PolicyBook.SETTLE_NANOS - 1;
        assertThat(book.lines()).hasSize(2);
        nanos += 1;
        assertThat(book.lines()).extracting(PolicyLine::file).containsExactly("conf/all.cfg");
        assertThat(chosen("c", "auth")).isEqualTo("5,100");
    }

    @Test
    void aFileOfAnotherNameTakesOverAtOnceFromOneThatIsAway() {
        book.take(List.of(AUTH));
        PolicyFile renamed = new PolicyFile("conf/z.cfg", Map.of("middleware", "auth", "steps", "7,100"));
        assertThat(book.take(List.of(renamed)))
                .extracting(PolicyLine::file, PolicyLine::refusal)
                .containsExactly(tuple("conf/z.cfg", Optional.empty()));
        assertThat(chosen("c", "auth")).isEqualTo("7,100");
    }

    @Test
    void aFileOfAnotherNameWithAMistakeTakesNothingOver() {
        book.take(List.of(AUTH));
        book.take(List.of(new PolicyFile("conf/z.cfg", Map.of("middleware", "auth", "steps", "x"))));
        assertThat(chosen("c", "auth")).isEqualTo("1,100");
        nanos += PolicyBook.SETTLE_NANOS;
        assertThat(chosen("c", "auth")).startsWith("conf/z.cfg has a mistake in it");
    }

    @Test
    void tellsNothingWhereTheFileThatWouldSayHasHadAMistakeInItAllAlong() {
        book.take(List.of(ALL, BUNDLE, new PolicyFile("conf/bad.cfg", Map.of("middleware", "auth", "steps", "x"))));

        assertThat(chosen("c", "auth"))
                .startsWith("conf/bad.cfg has a mistake in it")
                .contains("Mend the file");
        assertThat(chosen("c", "log")).isEqualTo("5,100");
        assertThat(chosen("b", "auth")).isEqualTo("2,100");
    }

    @Test
    void tellsNothingWhileAFileMayBeForAnything() {
        book.take(List.of(ALL, BUNDLE, new PolicyFile("conf/bad.cfg", Map.of("steps", "1,100"))));

        assertThat(chosen("c", "auth")).startsWith("conf/bad.cfg has a mistake in it");
        assertThat(chosen("b", "auth")).isEqualTo("2,100");
    }

    @Test
    void refusesTheSecondFileForTheSame() {
        List<PolicyLine> lines =
                book.take(List.of(new PolicyFile("conf/z.cfg", Map.of("middleware", "auth", "steps", "9,100")), AUTH));

        assertThat(chosen("c", "auth")).isEqualTo("1,100");
        assertThat(lines.get(1).file()).isEqualTo("conf/z.cfg");
        assertThat(lines.get(1).refusal())
                .contains(
                        "conf/auth.cfg is for middleware=auth too, and counts, as its name comes first: keep one of the two");
    }
}
