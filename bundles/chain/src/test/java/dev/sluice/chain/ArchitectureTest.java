package dev.sluice.chain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may know what, inside the chain's bundle. */
@AnalyzeClasses(packages = "dev.sluice.chain", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] HEART = {
        "dev.sluice.chain.path",
        "dev.sluice.chain.lease",
        "dev.sluice.chain.failure",
        "dev.sluice.chain.limit",
        "dev.sluice.chain.split",
        "dev.sluice.chain.trip",
        "dev.sluice.chain.snapshot"
    };

    @ArchTest
    static final ArchRule theHeartKnowsNoFramework = noClasses()
            .that()
            .resideInAnyPackage(HEART)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.osgi..");

    @ArchTest
    static final ArchRule thereAreNoCycles =
            slices().matching("dev.sluice.chain.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingDependsOnTheTracking = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.chain.track")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sluice.chain.track");

    @ArchTest
    static final ArchRule whatOperatorsHaveWrittenKnowsNoBundles = noClasses()
            .that()
            .resideInAPackage("dev.sluice.chain.conf")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("org\\.osgi\\.framework\\.(Bundle|Service).*");

    @ArchTest
    static final ArchRule whatIsPublishedDependsOnNothingPrivate = noClasses()
            .that()
            .resideInAPackage("dev.sluice.chain")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sluice.chain.*..");

    @ArchTest
    static final ArchRule leasesAndPathsStandAlone = classes()
            .that()
            .resideInAnyPackage("dev.sluice.chain.path", "dev.sluice.chain.lease")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "dev.sluice.chain.path", "dev.sluice.chain.lease");
}
