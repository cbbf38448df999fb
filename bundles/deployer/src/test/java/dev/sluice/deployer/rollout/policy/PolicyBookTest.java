package dev.sluice.deployer.rollout.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyBookTest {

    private static final PolicyFile ALL = new PolicyFile("conf/all.cfg", Map.of("middleware", "*", "steps", "5,100"));
    private static final PolicyFile AUTH =
            new PolicyFile("conf/auth.cfg", Map.of("middleware", "auth", "steps", "1,100"));
    private static final PolicyFile BUNDLE = new PolicyFile("conf/bundle.cfg", Map.of("bundle", "b", "steps", "2,100"));

    private final PolicyBook book = new PolicyBook();

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
        assertThat(chosen("c", "auth")).isEqualTo("standard");
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
