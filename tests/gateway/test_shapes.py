"""What the gateway reads in an answer is what the service's own document promises."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from gateway.clients.roster import TeacherLink
from gateway.schemas import (
    activity,
    admin_email,
    attainment,
    children,
    claims,
    groups,
    home,
    logo,
    many_pupils,
    many_users,
    mapping,
    mis,
    parents,
    parts,
    pupil_imports,
    pupils,
    roll_up,
    sessions,
    settings,
    templates,
    two_step,
    user_imports,
    users,
)

API = Path(__file__).parents[2] / "docs/api"

READ: list[tuple[type[BaseModel], str, str]] = [
    (activity.Activity, "identity", "ActivityView"),
    (activity.ActivityChoices, "identity", "ActivityChoices"),
    (attainment.AttainmentChoices, "reports", "ChoicesView"),
    (attainment.AttainmentTerm, "reports", "AttainmentTermView"),
    (attainment.AttainmentGroup, "reports", "AttainmentGroupChoice"),
    (attainment.AttainmentSubject, "reports", "AttainmentSubjectChoice"),
    (attainment.AttainmentComparison, "reports", "ComparisonView"),
    (attainment.AttainmentFigures, "reports", "AttainmentView"),
    (attainment.Attained, "reports", "Attained"),
    (attainment.AttainedInSubject, "reports", "AttainedRow"),
    (attainment.ProgressFigures, "reports", "ProgressView"),
    (attainment.Moved, "reports", "Moved"),
    (attainment.MovedInSubject, "reports", "MovedRow"),
    (attainment.PupilsProgress, "reports", "PupilsView"),
    (attainment.PupilProgress, "reports", "PupilLine"),
    (sessions.Session, "identity", "SessionView"),
    (sessions.Account, "identity", "AccountView"),
    (sessions.School, "identity", "SchoolView"),
    (sessions.DefaultPasswordState, "identity", "DefaultPassword"),
    (sessions.DefaultPassword, "identity", "DefaultPasswordMade"),
    (users.User, "identity", "UserView"),
    (users.PasswordWasReset, "identity", "PasswordWasReset"),
    (settings.DetailsSettings, "identity", "DetailsSettings"),
    (many_users.UserSelection, "identity", "SelectionView"),
    (many_users.UserFate, "identity", "FateView"),
    (many_users.ManyUsersChanged, "identity", "BulkResultView"),
    (many_users.ManyUsersPreview, "identity", "BulkPreviewView"),
    (many_users.LinkedUser, "roster", "LinkFateView"),
    (many_users.ManyLinked, "roster", "ManyLinksView"),
    (claims.ClaimList, "identity", "ClaimsFound"),
    (claims.Claim, "identity", "ClaimView"),
    (claims.ClaimCounts, "identity", "ClaimCounts"),
    (claims.ClaimsSummary, "identity", "ClaimsSummaryView"),
    (claims.RecentClaim, "identity", "RecentClaim"),
    (claims.HowMany, "identity", "Done"),
    (parents.Parent, "identity", "ParentView"),
    (parents.ParentChild, "identity", "ChildView"),
    (parents.ParentLinkSent, "identity", "LinkSent"),
    (parents.ActiveParents, "identity", "ActiveParents"),
    (parents.InvitationsSent, "identity", "InvitationsSent"),
    (children.ChildrenToConfirm, "identity", "ChildrenToConfirm"),
    (children.ChildToConfirm, "identity", "ChildToConfirm"),
    (children.OwnChildren, "identity", "OwnChildren"),
    (children.OwnChild, "identity", "OwnChild"),
    (user_imports.UserImport, "identity", "ImportView"),
    (user_imports.ImportColumn, "identity", "ImportColumnView"),
    (user_imports.ImportRow, "identity", "ImportRowView"),
    (user_imports.ImportChange, "identity", "ImportChangeView"),
    (user_imports.ImportFault, "identity", "ImportFaultView"),
    (settings.SignInSettings, "identity", "SignInSettings"),
    (settings.SignInValues, "identity", "SignInValues"),
    (templates.Template, "reports", "TemplateView"),
    (templates.TemplateRow, "reports", "TemplateRow"),
    (templates.TemplateList, "reports", "TemplateList"),
    (templates.TemplateVersion, "reports", "SavedView"),
    (templates.TemplateVersions, "reports", "VersionList"),
    (templates.TemplateLayout, "reports", "LayoutBody"),
    (templates.TemplatePage, "reports", "PageBody"),
    (templates.PreviewPages, "reports", "PreviewPages"),
    (settings.SubjectsSettings, "reports", "SubjectsSettings"),
    (settings.Subject, "reports", "SubjectView"),
    (settings.TermsSettings, "reports", "TermsSettings"),
    (settings.Term, "reports", "TermView"),
    (settings.ScaleSettings, "reports", "ScaleSettings"),
    (settings.Band, "reports", "BandView"),
    (settings.ReportsSettings, "reports", "ReportsSettings"),
    (logo.Logo, "reports", "LogoView"),
    (logo.LogoState, "reports", "LogoState"),
    (settings.SyncSettings, "mis_sync", "SyncSettings"),
    (two_step.TwoStep, "identity", "OwnTwoStep"),
    (two_step.Authenticator, "identity", "AuthenticatorView"),
    (two_step.AuthenticatorBegun, "identity", "AuthenticatorBegun"),
    (two_step.SetUpDone, "identity", "SetUpDone"),
    (two_step.RecoveryCodes, "identity", "RecoveryCodes"),
    (two_step.UserTwoStep, "identity", "UserTwoStep"),
    (admin_email.AdminEmail, "identity", "AdminEmailView"),
    (admin_email.WaitingAddress, "identity", "WaitingView"),
    (admin_email.SchoolLeader, "identity", "LeaderView"),
    (admin_email.AddressLinkShown, "identity", "AddressLinkShown"),
    (pupils.Pupil, "roster", "PupilView"),
    (pupils.PupilDetail, "roster", "PupilDetail"),
    (pupils.PupilFields, "roster", "PupilFieldsView"),
    (pupils.PupilField, "roster", "PupilFieldView"),
    (pupils.FieldChoice, "roster", "Choice"),
    (settings.PupilFieldsSettings, "roster", "PupilFieldsSettings"),
    (settings.PupilFieldsValues, "roster", "PupilFieldsValues"),
    (settings.PupilFieldHelp, "roster", "FieldHelp"),
    (pupil_imports.PupilImport, "roster", "PupilImportView"),
    (pupil_imports.PupilImportChange, "roster", "PupilImportChangeView"),
    (pupil_imports.PupilImportColumn, "roster", "PupilImportColumnView"),
    (pupil_imports.PupilImportCounts, "roster", "PupilImportCountsView"),
    (pupil_imports.PupilImportHow, "roster", "PupilImportHowView"),
    (pupil_imports.PupilImportList, "roster", "PupilImportsView"),
    (pupil_imports.PupilImportProgress, "roster", "PupilImportProgressView"),
    (pupil_imports.PupilImportRemark, "roster", "PupilImportRemarkView"),
    (pupil_imports.PupilImportRow, "roster", "PupilImportRowView"),
    (pupil_imports.PupilImportUndone, "roster", "PupilImportUndoneView"),
    (many_pupils.PupilSelection, "roster", "PupilSelectionView"),
    (many_pupils.PupilFate, "roster", "PupilFateView"),
    (many_pupils.ManyPupilsChanged, "roster", "PupilBulkResultView"),
    (many_pupils.ManyPupilsPreview, "roster", "PupilBulkPreviewView"),
    (parts.GroupReference, "roster", "GroupOfPupil"),
    (parts.LinkBadge, "roster", "LinkBadge"),
    (groups.Group, "roster", "GroupView"),
    (groups.GroupDetail, "roster", "GroupDetail"),
    (groups.GroupUser, "roster", "GroupUser"),
    (groups.GroupReach, "roster", "GroupReach"),
    (groups.TeacherReach, "roster", "TeacherReach"),
    (groups.Member, "roster", "MemberView"),
    (groups.MemberFate, "roster", "LinkFateView"),
    (groups.MembersChanged, "roster", "ManyLinksView"),
    (roll_up.GroupRollUp, "roster", "GroupRollUp"),
    (roll_up.RollUpPlan, "roster", "RollUpPlan"),
    (roll_up.RollUpSettings, "roster", "RollUpSettings"),
    (TeacherLink, "roster", "LinkView"),
    (home.SchoolSummary, "roster", "RosterSummary"),
    (mis.WatchedLink, "mis_sync", "Watched"),
    (mis.RunChange, "mis_sync", "Change"),
    (mis.HeldRun, "mis_sync", "Held"),
    (mis.MisLink, "mis_sync", "Link"),
    (mis.MisSummary, "mis_sync", "Summary"),
    (mis.Connector, "mis_sync", "ConnectorOut"),
    (mis.Credentials, "mis_sync", "Credentials"),
    (mis.Run, "mis_sync", "Run"),
    (mis.Progress, "mis_sync", "Progress"),
    (mis.Difference, "mis_sync", "Difference"),
    (mis.Suggestion, "mis_sync", "Suggestion"),
    (mis.NotHere, "mis_sync", "NotHere"),
    (mapping.DifferenceCount, "mis_sync", "DifferenceCount"),
    (mapping.NotHereCount, "mis_sync", "NotHereCount"),
    (mapping.MappingResult, "mis_sync", "MappingResult"),
    (mapping.MappingPreview, "mis_sync", "MappingPreview"),
    (mapping.Mapped, "mis_sync", "ResultOut"),
    (mapping.MappedRecord, "mis_sync", "MappedOut"),
    (mapping.Changed, "mis_sync", "ChangeOut"),
    (mapping.ChangesResult, "mis_sync", "ChangesResult"),
    (mapping.Reason, "mis_sync", "ReasonOut"),
]
WRITTEN: list[tuple[type[BaseModel], str, str]] = [
    (sessions.NewPassword, "identity", "NewPassword"),
    (users.NewUser, "identity", "NewUserBody"),
    (users.UserChanges, "identity", "UserChanges"),
    (users.ActiveChange, "identity", "ActiveBody"),
    (settings.DetailsChange, "identity", "DetailsBody"),
    (users.Replacement, "identity", "ReplacementBody"),
    (many_users.ManyUsers, "identity", "BulkBody"),
    (claims.SlipsWanted, "identity", "SlipsBody"),
    (claims.TheseUsers, "identity", "TheseUsers"),
    (parents.NewParent, "identity", "NewParentBody"),
    (parents.ParentChanges, "identity", "ParentChanges"),
    (parents.ParentsActive, "identity", "ParentsActiveBody"),
    (parents.ParentsToInvite, "identity", "InvitationsBody"),
    (children.DatesGiven, "identity", "DatesGiven"),
    (children.DateGiven, "identity", "DateGiven"),
    (user_imports.ImportWanted, "identity", "ImportPreviewBody"),
    (user_imports.ChosenColumn, "identity", "ImportColumnChosen"),
    (user_imports.ImportConfirmation, "identity", "ImportConfirmBody"),
    (settings.SignInChange, "identity", "SignInBody"),
    (settings.SubjectsChange, "reports", "SubjectsBody"),
    (settings.SubjectChange, "reports", "SubjectBody"),
    (settings.TermsChange, "reports", "TermsBody"),
    (settings.TermChange, "reports", "TermBody"),
    (settings.ScaleChange, "reports", "ScaleBody"),
    (settings.BandChange, "reports", "BandBody"),
    (settings.SyncChange, "mis_sync", "SyncBody"),
    (two_step.SecondStep, "identity", "CodeBody"),
    (two_step.TwoStepProof, "identity", "ProofBody"),
    (two_step.NewAuthenticator, "identity", "NewAuthenticatorBody"),
    (two_step.FirstCode, "identity", "ConfirmBody"),
    (two_step.AuthenticatorRenamed, "identity", "RenameBody"),
    (admin_email.NewAdminEmail, "identity", "NewAddressBody"),
    (admin_email.AddressToken, "identity", "TokenBody"),
    (admin_email.AddressLink, "identity", "AddressLink"),
    (pupils.NewPupil, "roster", "NewPupil"),
    (pupils.PupilChange, "roster", "PupilChange"),
    (settings.PupilFieldsChange, "roster", "PupilFieldsBody"),
    (pupil_imports.ChosenPupilColumn, "roster", "PupilImportColumnChosen"),
    (pupil_imports.PupilImportConfirmation, "roster", "PupilImportConfirmBody"),
    (pupil_imports.PupilImportWanted, "roster", "PupilImportPreviewBody"),
    (many_pupils.ManyPupilsChange, "roster", "PupilBulkBody"),
    (groups.NewGroup, "roster", "NewGroup"),
    (groups.GroupChange, "roster", "GroupChange"),
    (groups.ManyMembers, "roster", "ManyPupilsBody"),
    (groups.ManyUsersOfGroup, "roster", "ManyUsersBody"),
    (roll_up.RollUpChange, "roster", "LeaversBody"),
    (mapping.MappingRequest, "mis_sync", "MappingIn"),
    (templates.NewTemplate, "reports", "NewTemplateBody"),
    (templates.TemplateCopy, "reports", "CopyBody"),
    (templates.TemplateSave, "reports", "SaveBody"),
    (templates.TemplateTakeUp, "reports", "TakeUpBody"),
    (templates.TemplateActive, "reports", "ActiveBody"),
    (templates.TemplateLayout, "reports", "LayoutBody"),
    (templates.PreviewWanted, "reports", "PreviewBody"),
    (mapping.Decision, "mis_sync", "DecisionIn"),
    (mapping.ChangesRequest, "mis_sync", "ChangesIn"),
    (mapping.MappingChange, "mis_sync", "ChangeIn"),
]
MERGED = {(users.User, "groups")}
"""Fields that another service fills."""


@cache
def schema(service: str, name: str) -> dict[str, Any]:
    document = json.loads((API / f"{service}.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def _id(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else str(value)


class TestShapes:
    @pytest.mark.parametrize(("model", "service", "name"), READ, ids=_id)
    def test_what_is_read_is_answered(
        self, model: type[BaseModel], service: str, name: str
    ) -> None:
        answered = schema(service, name)
        for field, about in model.model_fields.items():
            if (model, field) in MERGED:
                continue
            assert field in answered["properties"]
            assert not about.is_required() or field in answered["required"]

    @pytest.mark.parametrize(("model", "service", "name"), WRITTEN, ids=_id)
    def test_what_is_written_is_taken(
        self, model: type[BaseModel], service: str, name: str
    ) -> None:
        taken = schema(service, name)
        assert model.model_fields.keys() <= taken["properties"].keys()
        required = {field for field, about in model.model_fields.items() if about.is_required()}
        assert set(taken.get("required", ())) <= required
