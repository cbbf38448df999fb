package dev.sluice.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may know what, inside the proxy's bundle. */
@AnalyzeClasses(packages = "dev.sluice.proxy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** Settings know nothing of what is made of them; requests run on what has been made, and know nothing of how. */
    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("view")
            .definedBy("dev.sluice.proxy")
            .layer("config")
            .definedBy("dev.sluice.proxy.config")
            .layer("upstream")
            .definedBy("dev.sluice.proxy.upstream")
            .layer("route")
            .definedBy("dev.sluice.proxy.route")
            .layer("exchange")
            .definedBy("dev.sluice.proxy.exchange")
            .layer("service")
            .definedBy("dev.sluice.proxy.service")
            .whereLayer("service")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("exchange")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("route")
            .mayOnlyBeAccessedByLayers("exchange", "service")
            .whereLayer("upstream")
            .mayOnlyBeAccessedByLayers("route", "exchange", "service")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("upstream", "route", "exchange", "service");

    @ArchTest
    static final ArchRule thereAreNoCycles =
            slices().matching("dev.sluice.proxy.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatIsPublishedDependsOnNothingPrivate = noClasses()
            .that()
            .resideInAPackage("dev.sluice.proxy")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sluice.proxy.*..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule settingsUseNoLibrary = noClasses()
            .that()
            .resideInAPackage("dev.sluice.proxy.config")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.osgi..", "jakarta..", "org.eclipse.jetty.client..");

    @ArchTest
    static final ArchRule theServletIsKnownToRequestsAlone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.proxy.exchange")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.servlet..");
}
